"""交班: what stands at the end of a shift, counted and kept, with both names; and the log of the shift."""
