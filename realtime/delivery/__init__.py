"""Who has received what: device cursors, and receipts at the addressee's own devices as facts."""
