"""One build step a source: turns files of the mirror into the tables of `data/<source>/`."""
