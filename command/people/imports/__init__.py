"""Lists of people and posts from a spreadsheet: read, checked row by row, taken in when somebody says so."""
