"""Chinese and English of messages: catalogues read with gettext, and which language a command speaks."""
