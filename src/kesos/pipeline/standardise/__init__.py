"""Text as sources write it, brought to one form: names, dates, places, addresses, villages, codes; no I/O."""
