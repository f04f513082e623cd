"""PostGIS as Django speaks to it, with a pool that looks at a connection instead of asking through it."""
