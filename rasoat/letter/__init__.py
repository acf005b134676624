"""The request for explanation (``phiếu yêu cầu giải trình``): what an inspector confirmed, ready to sign and send."""
