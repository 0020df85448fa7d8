-- 例外措置 that was taken back: from which day it is none (2.3(2)⑤).
ALTER TABLE exception_grant ADD revoked_on date;
ALTER TABLE exception_grant_staging ADD revoked_on date;
