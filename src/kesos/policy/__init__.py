"""What the State has decided, as published: facts that rules may name, the rule language, and the programmes. Pure."""
