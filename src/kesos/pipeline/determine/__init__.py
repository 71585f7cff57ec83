"""Every programme over a release: facts, determinations with reasons, overlap, and the audit of who is paid."""
