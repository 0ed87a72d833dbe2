"""What the API says and takes, as pydantic models: a module a family. They describe; answers leave as ready bytes."""
