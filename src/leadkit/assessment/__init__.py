"""The engine under every questionnaire: instrument, responses, scores."""
