"""The live sale: a session with its totals, alerts to the vendor, invoices by hand and a summary at the end."""
