import type { StarterAnswers } from './answers.js'

const PROGRAM = `---
# What the image is to be. It is applied in the container that Packer starts: see .docker/provision.sh.
- hosts: all
  gather_facts: false
  tasks:
    - name: The program
      ansible.builtin.copy:
        dest: /usr/local/bin/hello
        mode: '0755'
        content: |
          #!/bin/sh
          echo "Hello from an image that Packer and ansible made"
`

const SERVICE = `
    - name: Its service
      ansible.builtin.copy:
        dest: /etc/systemd/system/hello.service
        mode: '0644'
        content: |
          [Service]
          Type=oneshot
          RemainAfterExit=yes
          ExecStart=/usr/local/bin/hello
          [Install]
          WantedBy=multi-user.target

    - name: The service runs, now and whenever the image is started
      ansible.builtin.systemd:
        name: hello.service
        daemon_reload: true
        enabled: true
        state: started
`

/** `.ansible/playbooks/site_docker.yml`. */
export const starterPlaybook = ({ systemd }: StarterAnswers): string =>
  systemd ? PROGRAM + SERVICE : PROGRAM
