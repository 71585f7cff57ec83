"""The facts a rule may speak of: name, type, unit, meaning, source, and how a registry gives them."""
