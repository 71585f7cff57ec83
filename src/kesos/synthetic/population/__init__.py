"""People, families and dwellings of one chunk of a regency, column by column."""
