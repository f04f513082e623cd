"""The dictionary of figures: what each number that is shown counts, said once; and the day's figures, counted."""
