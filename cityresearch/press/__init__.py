"""Press: plan and run briefs, then compile them to pages and PDFs."""
