"""The law of calls: who is called for what, rung by rung, and what ends it. Source: docs/rules.md, "Calls"."""
