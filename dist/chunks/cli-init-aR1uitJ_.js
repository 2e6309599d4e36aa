"use strict";const require_core=require("./core-KdcEkjyc.js"),require_packer_template=require("./packer-template-Ht2hVy-m.js");let node_path=require("node:path"),node_fs=require("node:fs"),node_fs_promises=require("node:fs/promises");function foldersOf(e){let t=e.split(`/`).slice(0,-1);return t.map((e,n)=>t.slice(0,n+1).join(`/`))}function look(e){try{return(0,node_fs.lstatSync)(e,{throwIfNoEntry:!1})}catch(e){if(e.code===`ENOTDIR`)return;throw e}}function obstacle(e,t){for(let n of foldersOf(t)){let t=look((0,node_path.join)(e,n));if(t&&!t.isDirectory())return`${n} is no folder`}return look((0,node_path.join)(e,t))?`${t} is there`:void 0}async function create(e,{path:t,text:n,isProgram:r}){let i=(0,node_path.join)(e,t);try{(0,node_fs.mkdirSync)((0,node_path.dirname)(i),{recursive:!0}),await(0,node_fs_promises.writeFile)(i,n,{flag:`wx`,mode:r?511:438})}catch(e){let t=e instanceof Error?e.message:String(e);throw new require_core.ChainError(`OUTPUT_UNWRITABLE`,`cannot be written: ${t}`,{where:{file:i},hint:`Its folder has to be one that this user can write to, on a disk with room.`,cause:e})}}const newFiles={obstacle,create},MANIFESTS=[`docker`,`.docker`].flatMap(e=>[`json`,`yaml`,`yml`].map(t=>`${e}/IMAGES.${t}`));function obstacles(e,t,{files:n,newFiles:r}){let i=MANIFESTS.filter(t=>n.exists((0,node_path.resolve)(e,t))),a=t.map(({path:t})=>r.obstacle(e,t)),o=[...i.map(e=>`${e} is there`),...a];return[...new Set(o.filter(e=>e!==void 0))]}function refuseObstacles(e,t,n){let r=obstacles(e,t,n);if(r.length!==0)throw new require_core.ChainError(`OPTIONS_INVALID`,`init overwrites nothing`,{problems:r.map(e=>({message:e})),hint:"Nothing was written: init overwrites nothing. `build-chain init FOLDER` starts in a new folder, `build-chain init --from .` makes a manifest for the Dockerfiles of a project that has none."})}function tagProblem(e){let t=require_core.parseReference(e);return typeof t==`string`?t:t.digest===void 0?void 0:`a digest is known after the build only`}function baseProblem(e){let t=require_core.parseReference(e);return typeof t==`string`?t:void 0}function proposeTag(e){return`${nameFrom(e)}:1.0`}function nameFrom(e){let t=e.toLowerCase().replace(/^setups\./,``).replace(/[^a-z0-9]+/g,`-`).replace(/^-|-$/g,``);return t===``||require_core.parseReference(t)===void 0?`app`:t}const REFERENCES=[[`tag`,tagProblem],[`base`,baseProblem]];function readAnswers(e){let t=REFERENCES.flatMap(([t,n])=>{let r=n(e[t]);return r?[{message:`${t}: found "${e[t]}": ${r}`}]:[]}),{tag:n,base:r,systemd:i}=e,a=require_core.parseReference(n);if(t.length>0||typeof a==`string`)throw new require_core.ChainError(`OPTIONS_INVALID`,`the options are not valid`,{problems:t,hint:`For example: build-chain init --tag acme/web:1.0 --base debian:12`});let{registry:o,repo:s,image:c,tag:l=`latest`}=a;return{repository:[o,s].filter(e=>e!==void 0).map(e=>`${e}/`).join(``),name:c,version:l,base:r,systemd:i}}const SCHEMA_ADDRESS=`https://raw.githubusercontent.com/corpusops/build-chain/v1/images.schema.json`;function starterTags({repository:e,name:t,version:n}){let r=r=>`${e}${t}${r}:${n}`;return{base:r(`-base`),packer:r(``),app:r(`-app`)}}const packerTest=({systemd:e})=>e?`for try in $(seq 60); do systemctl is-active hello.service && exit; sleep 1; done; exit 1`:`hello`;function starterManifest(e){let t=starterTags(e),n=[{tag:t.base,dockerfile:`.docker/base/Dockerfile`},{tag:t.packer,test:packerTest(e)},{tag:t.app,dockerfile:`Dockerfile`,build_args:{VERSION:`{version}`},test:[`hello`]}];return`${JSON.stringify({$schema:SCHEMA_ADDRESS,images:n},null,2)}\n`}function baseDockerfile({base:e,systemd:t}){let[n,r]=t?[`ansible-playbook systemctl /sbin/init`,`ansible-core systemd systemd-sysv`]:[`ansible-playbook`,`ansible-core`];return`# What the image of Packer stands on: any Debian or Ubuntu, with ${t?`ansible and systemd`:`ansible`}.
FROM ${e}
RUN for program in ${n}; do \\
      command -v "$program" >/dev/null || missing=yes; \\
    done; \\
    if [ -n "\${missing:-}" ]; then \\
      apt-get update && \\
      DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends ${r} && \\
      rm -rf /var/lib/apt/lists/*; \\
    fi
`}function appDockerfile(e){let{packer:t}=starterTags(e);return`# Stands on the image that Packer makes: what changes often is built here, in seconds.
FROM ${t}
ARG VERSION
LABEL org.opencontainers.image.version=$VERSION
RUN hello > /etc/hello
`}const PROGRAM=`---
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
`,starterPlaybook=({systemd:e})=>e?PROGRAM+`
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
`:PROGRAM;function provisionScript({systemd:e}){return`#!/bin/sh
# Runs in the container that Packer starts, and makes of it what the playbook says.
set -eu
${e?`
# systemd may not answer yet; "degraded" is as good as "running" in a container.
tries=0
until systemctl is-system-running 2>/dev/null | grep -qE 'running|degraded'; do
  tries=$((tries + 1))
  if [ "$tries" -ge 60 ]; then
    echo "systemd is not up after $tries s" >&2
    exit 1
  fi
  sleep 1
done
`:``}
# ansible refuses to run without UTF-8.
export LC_ALL=C.UTF-8
cd "$_P"
ansible-playbook --connection local --inventory localhost, "$PLAYBOOK"
rm -rf "$HOME/.ansible"
`}const FIND_PROGRAM=`cd "$(dirname "$0")/.."

build_chain() {
  if command -v build-chain >/dev/null; then
    build-chain "$@"
  else
    npx --yes github:corpusops/build-chain#v1 "$@"
  fi
}
`,BUILD_SCRIPT=`#!/bin/sh
# Builds what has changed: bin/build.sh [OPTIONS] [IMAGE...]
set -e
${FIND_PROGRAM}
build_chain generate --quiet >&2
build_chain build "$@"
`,LIVE_SCRIPT=`#!/bin/sh
# Opens a shell in a container that is started as Packer would start it, to try the provisioning in.
# DNAME names the container, DOCKER_EXTRA_ARGS has more for docker run, PACKER_FILE names the template.
set -e
${FIND_PROGRAM}
build_chain live "$@"
`,SYSTEMD_RUN=[`            "--cap-add", "SYS_ADMIN",`,`            "--security-opt", "seccomp=unconfined",`,`            "--security-opt", "apparmor=unconfined",`,`            "--cgroupns", "host",`,`            "-v", "/sys/fs/cgroup:/sys/fs/cgroup:rw",`,`            "--tmpfs", "/run",`];function starterTemplate({repository:e,systemd:t}){let n=t?`/sbin/init`:`/bin/sh`;return`${[`{`,`    "variables": {`,`        "docker_folder": "__DOCKER_FOLDER",`,`        "ansible_folder": "__ANSIBLE_FOLDER",`,`        "ansible_play": "playbooks/site_docker.yml",`,`        "_p": "/provision"`,`    },`,`    "builders": [{`,`        "type": "docker",`,`        "image": "${e}__NAME__-base:__VERSION__",`,`        "run_command": [`,`            "-d", "-i", "-t",`,'            "-v", "{{pwd}}/{{user `ansible_folder`}}:{{user `_p`}}:ro",',...t?SYSTEMD_RUN:[],`            "{{.Image}}", "${n}"`,`        ],`,`        "commit": true,`,`        "changes": ["CMD [\\"${n}\\"]"]`,`    }],`,`    "provisioners": [{`,`        "type": "shell",`,`        "remote_folder": "/root",`,'        "environment_vars": ["_P={{user `_p`}}", "PLAYBOOK={{user `ansible_play`}}"],','        "script": "{{user `docker_folder`}}/provision.sh"',`    }],`,`    "post-processors": [{`,`        "type": "docker-tag",`,`        "repository": "${e}__NAME__",`,`        "tags": ["__VERSION__"]`,`    }]`,`}`].join(`
`)}\n`}const FOLDERS={dockerFolder:`.docker`,ansibleFolder:`.ansible`,saltFolder:`salt`};function starterFiles(e){let{name:t,version:n}=e,r=starterTemplate(e),i=(e,t)=>({path:e,text:t,isProgram:!1}),a=(e,t)=>({path:e,text:t,isProgram:!0});return[i(`.docker/IMAGES.json`,starterManifest(e)),i(`.docker/base/Dockerfile`,baseDockerfile(e)),i(`.docker/packer.json`,r),i(`.docker/packer/${t}-${n}.json`,require_packer_template.fillTemplate(r,{name:t,version:n,...FOLDERS})),a(`.docker/provision.sh`,provisionScript(e)),i(`.ansible/playbooks/site_docker.yml`,starterPlaybook(e)),i(`Dockerfile`,appDockerfile(e)),a(`bin/build.sh`,BUILD_SCRIPT),a(`bin/run_livepacker_test.sh`,LIVE_SCRIPT),i(`.github/workflows/images.yml`,`name: images
on:
  push:
    branches: [main]
  pull_request:

permissions:
  contents: read

jobs:
  build:
    runs-on: ubuntu-24.04
    timeout-minutes: 60
    steps:
      - uses: actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1
        with:
          persist-credentials: false
      - name: The templates are what .docker/packer.json makes of them
        uses: corpusops/build-chain@v1
        with:
          command: generate
          check: true
      - uses: corpusops/build-chain@v1
        id: chain
      - run: printf '%s\\n' "$TAGS"
        env:
          TAGS: \${{ steps.chain.outputs.tags }}
`)]}function stepsText(e){let t=Math.max(...e.map(([e])=>e.length))+2;return e.map(([e,n])=>`  ${e.padEnd(t)}${n}`).join(`
`)}const enter=e=>e===``?[]:[[`cd ${e}`,`where everything is`]];function starterSteps(e,t){return`Next:
${stepsText([...enter(e),[`build-chain plan`,`shows what would be built, in order, and why`],[`build-chain build`,`builds the three images; bin/build.sh does it anywhere`],[`docker run --rm ${t} hello`,`runs the last one`],[`build-chain live`,`opens a shell where Packer provisions; so does bin/run_livepacker_test.sh`]])}
Change .ansible/playbooks/site_docker.yml to what your image is to be, .docker/IMAGES.json to which
images there are, and .docker/packer.json to how Packer starts its container; then build-chain generate.
`}function manifestSteps(e,t){return`Look through the tags and folders in ${t}; docs/manifest.md has every field. Next:
${stepsText([...enter(e),[`build-chain plan`,`shows what would be built, in order, and why`],[`build-chain build`,`builds it`]])}
`}function previewText(e){return e.map(({tag:e,file:t,on:n},r)=>{let i=n.length>0?`, on ${n.join(` and `)}`:``;return`${r+1}. ${e} by ${t}${i}\n`}).join(``)}async function openSite(e,t){let[n=`.`,...r]=t;if(r.length>0)throw new require_core.ChainError(`OPTIONS_INVALID`,`init: found ${t.length} folders, expected one`,{hint:`Start one after another: build-chain init FOLDER`});let{isAnswerable:i}=await Promise.resolve().then(()=>require("./prompts-CEt-1oxa.js")),a=(0,node_path.resolve)(require_core.rootOf(e),n);return{folder:a,shown:(0,node_path.relative)(process.cwd(),a),say:require_core.terminalNotes(e).note,asks:!e.yes&&i()}}async function answer(e,{folder:t,asks:n}){let{askConfirm:r,askText:i}=await Promise.resolve().then(()=>require("./prompts-CEt-1oxa.js")),a=(e,t,r)=>n?i({message:e,proposal:t,problemOf:r}):t;return readAnswers({tag:e.tag??await a(`The image that Packer is to make`,proposeTag((0,node_path.basename)(t)),tagProblem),base:e.base??await a(`The Debian or Ubuntu that it stands on`,`debian:12`,baseProblem),systemd:e.systemd??(!n||await r(`Run systemd in it, while it is provisioned?`))})}async function writeNew(e,{folder:t,shown:n},r){refuseObstacles(t,e,{files:require_core.files,newFiles});for(let i of e)r||await newFiles.create(t,i),require_core.writeOut(`${n===``?``:`${n}/`}${i.path}\n`)}async function initInTerminal(e,t){let n=await openSite(e,t);if(e.from!==void 0){let{initFromDockerfiles:t}=await Promise.resolve().then(()=>require("./cli-init-from-D4APFFh-.js"));return t(e,n)}refuseObstacles(n.folder,starterFiles(readAnswers(AN_ANSWER)),{files:require_core.files,newFiles});let r=await answer(e,n);await writeNew(starterFiles(r),n,e.dryRun),e.dryRun||n.say(starterSteps(n.shown,starterTags(r).app))}const AN_ANSWER={tag:`app:1.0`,base:`debian:12`,systemd:!0};exports.SCHEMA_ADDRESS=SCHEMA_ADDRESS,exports.initInTerminal=initInTerminal,exports.manifestSteps=manifestSteps,exports.nameFrom=nameFrom,exports.newFiles=newFiles,exports.previewText=previewText,exports.refuseObstacles=refuseObstacles,exports.writeNew=writeNew;