"""The data plane: source files become a registry release. No Django below this folder."""
