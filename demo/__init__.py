"""What is shown where no centre works: a county with months of issues, live traffic, a city's requests replayed."""
