"""Other people's formats, one module each: text in, text out, and no path is opened here."""
