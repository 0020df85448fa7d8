-- What the daemon keeps for consumers; secrets and bodies are not for the auditor.
REVOKE SELECT ON webhook_secret, webhook_delivery, notice FROM daicho_auditor;
GRANT INSERT, UPDATE ON webhook, webhook_place TO daicho_app;
GRANT INSERT, UPDATE, DELETE ON webhook_secret, webhook_delivery TO daicho_app;
GRANT UPDATE, DELETE ON notice TO daicho_app;
