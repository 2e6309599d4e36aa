import type { StarterAnswers } from './answers.js'
import { starterTags } from './starter-manifest.js'

/** `.docker/base/Dockerfile`: what Packer's image stands on. */
export function baseDockerfile({ base, systemd }: StarterAnswers): string {
  const [needs, packages] = systemd
    ? ['ansible-playbook systemctl /sbin/init', 'ansible-core systemd systemd-sysv']
    : ['ansible-playbook', 'ansible-core']
  return `# What the image of Packer stands on: any Debian or Ubuntu, with ${systemd ? 'ansible and systemd' : 'ansible'}.
FROM ${base}
RUN for program in ${needs}; do \\
      command -v "$program" >/dev/null || missing=yes; \\
    done; \\
    if [ -n "\${missing:-}" ]; then \\
      apt-get update && \\
      DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends ${packages} && \\
      rm -rf /var/lib/apt/lists/*; \\
    fi
`
}

/** `Dockerfile`: what stands on Packer's image. */
export function appDockerfile(answers: StarterAnswers): string {
  const { packer } = starterTags(answers)
  return `# Stands on the image that Packer makes: what changes often is built here, in seconds.
FROM ${packer}
ARG VERSION
LABEL org.opencontainers.image.version=$VERSION
RUN hello > /etc/hello
`
}
