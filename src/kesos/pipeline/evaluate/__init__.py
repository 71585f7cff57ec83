"""How right the links are, against a truth or against answers of people: what no release sees while it is built."""
