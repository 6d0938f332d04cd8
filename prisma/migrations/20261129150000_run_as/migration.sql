-- Jobs that were there before jobs said whom they run as: "" until the first start of the dashboard, which alone knows whether it is root
-- (lib/store/run-as.ts). Under root they go on as root, and say so from then on.
ALTER TABLE "Job" ADD COLUMN "runAs" TEXT;
UPDATE "Job" SET "runAs" = '';
