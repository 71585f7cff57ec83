"""One YAML file a programme, named by its code in small letters."""
