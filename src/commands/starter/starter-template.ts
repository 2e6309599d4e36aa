import type { StarterAnswers } from './answers.js'

/** What systemd needs to be process 1: examples/systemd/README.md says why each is there. */
const SYSTEMD_RUN = [
  '            "--cap-add", "SYS_ADMIN",',
  '            "--security-opt", "seccomp=unconfined",',
  '            "--security-opt", "apparmor=unconfined",',
  '            "--cgroupns", "host",',
  '            "-v", "/sys/fs/cgroup:/sys/fs/cgroup:rw",',
  '            "--tmpfs", "/run",'
]

/** `.docker/packer.json`, from which `generate` makes the template of each Packer image. */
export function starterTemplate({ repository, systemd }: StarterAnswers): string {
  const entry = systemd ? '/sbin/init' : '/bin/sh'
  const lines = [
    '{',
    '    "variables": {',
    '        "docker_folder": "__DOCKER_FOLDER",',
    '        "ansible_folder": "__ANSIBLE_FOLDER",',
    '        "ansible_play": "playbooks/site_docker.yml",',
    '        "_p": "/provision"',
    '    },',
    '    "builders": [{',
    '        "type": "docker",',
    `        "image": "${repository}__NAME__-base:__VERSION__",`,
    '        "run_command": [',
    '            "-d", "-i", "-t",',
    '            "-v", "{{pwd}}/{{user `ansible_folder`}}:{{user `_p`}}:ro",',
    ...(systemd ? SYSTEMD_RUN : []),
    `            "{{.Image}}", "${entry}"`,
    '        ],',
    '        "commit": true,',
    `        "changes": ["CMD [\\"${entry}\\"]"]`,
    '    }],',
    '    "provisioners": [{',
    '        "type": "shell",',
    // docker cp, by which Packer brings the script, cannot reach a tmpfs such as systemd's /tmp.
    '        "remote_folder": "/root",',
    '        "environment_vars": ["_P={{user `_p`}}", "PLAYBOOK={{user `ansible_play`}}"],',
    '        "script": "{{user `docker_folder`}}/provision.sh"',
    '    }],',
    '    "post-processors": [{',
    '        "type": "docker-tag",',
    `        "repository": "${repository}__NAME__",`,
    '        "tags": ["__VERSION__"]',
    '    }]',
    '}'
  ]
  return `${lines.join('\n')}\n`
}
