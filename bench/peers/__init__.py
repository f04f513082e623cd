"""What the hub is measured against, in the same run and with the same payload."""
