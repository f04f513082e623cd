"""By what somebody is called: a module each, with `send(attempt, call, issue)`. The first is the open page."""
