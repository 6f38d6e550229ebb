"""The supervisor's pages: whom his branches serve, and whom nobody serves."""
