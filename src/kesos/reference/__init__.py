"""What is given: areas and their bridges, poverty rates, names. Source and licence stand beside each file."""
