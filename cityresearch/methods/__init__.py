"""Methods: pure formulas on estimates. No files are read here."""
