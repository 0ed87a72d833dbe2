"""Files, forms and CSV that people write, checked and turned into statements of a site's desk."""
