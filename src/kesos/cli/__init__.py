"""The command line: `kesos <noun> <verb>`. The edge where clock and environment are read."""
