"""Lists of units from a spreadsheet: townships, communities and bodies; a real county has hundreds."""
