-- The extension stays, for the migration before needs it.
DROP TABLE photos;
