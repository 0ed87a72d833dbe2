"""Why a load or a mean cannot be given or judged."""
