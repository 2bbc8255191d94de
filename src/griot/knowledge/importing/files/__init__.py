"""Files and feeds with many products: CSV, XLSX, JSON and XML of shops' platforms or of a merchant's own making."""
