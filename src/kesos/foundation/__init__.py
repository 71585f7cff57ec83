"""The ground: identity numbers, area codes, money, periods, errors. Knows nothing of the rest."""
