"""Lists that offices keep in spreadsheets: read as they export them, looked up without guessing, taken in once."""
