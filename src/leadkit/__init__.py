"""Leadership frameworks of customer service as typed models and tested arithmetic."""
