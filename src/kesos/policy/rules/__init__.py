"""The rule language: guard, parse, check, compile to SQL, explain. See docs/reference/rule-language.md."""
