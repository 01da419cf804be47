package dev.keyturn.core.host;

import dev.keyturn.core.model.ArtifactId;
import dev.keyturn.core.model.ErrorInfo;

/** Why a host does not let an artifact's envelope be changed now, or why its image does not open. */
public record ImageProblem(ArtifactId artifact, ErrorInfo reason) {}
