"""PDFs by Typst: briefs, volumes, briefing books and pictures of charts."""
