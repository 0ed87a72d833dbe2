"""The desk by the web: small forms whose content becomes sealed statements, their log, and the first plant's wizard."""
