"""By what the house itself calls somebody: the open page. What leaves the house is in `call_law/outside`."""
