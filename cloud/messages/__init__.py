"""Words and sentences that people read, in Chinese and English: catalogues and their rendering."""
