-- Managed images: names, with access of their own, for files of the operator's in the images directory.
CREATE TABLE image (
    id ${number} REFERENCES resource (id) ON DELETE CASCADE,
    image_file TEXT NOT NULL,
    image_format TEXT NOT NULL CHECK (image_format IN ('RAW', 'QCOW2')),
    os_type TEXT NOT NULL CHECK (os_type IN ('LINUX', 'WINDOWS')),
    size_gb BIGINT NOT NULL
);
