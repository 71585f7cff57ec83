"""The tables that cross a wall: columns, grain, keys, units, schema version; the manifest and the layout of a lake."""
