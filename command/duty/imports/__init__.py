"""Rosters from spreadsheets: a line for each dated shift, judged one by one, taken in by units."""
