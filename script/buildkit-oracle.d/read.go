package main

import (
	// References by digest are refused where no package knows the digest's kind.
	_ "crypto/sha256"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/distribution/reference"
	"github.com/moby/buildkit/frontend/dockerfile/instructions"
	"github.com/moby/buildkit/frontend/dockerfile/parser"
	"github.com/moby/buildkit/frontend/dockerfile/shell"
)

// reading is what the parser, the instructions and the lexer of BuildKit say. How stages connect and
// which variables an instruction sees follows dockerfile2llb/convert.go, whose package would bring
// four times as many others along.
type reading struct {
	Syntax string   `json:"syntax"`
	Stages []*stage `json:"stages"`
	Target int      `json:"target"`
	// OnBuild is what the image carries for its children.
	OnBuild []string `json:"onbuild"`
}

type stage struct {
	Name      string   `json:"name"`
	Line      int      `json:"line"`
	Reachable bool     `json:"reachable"`
	Platform  string   `json:"platform"`
	Base      string   `json:"base"`
	Parent    *int     `json:"parent"`
	Copies    []*files `json:"copies"`
	Mounts    []*files `json:"mounts"`

	written  instructions.Stage
	commands []instructions.Command
	triggers map[instructions.Command]bool
	needs    []int
	// late is why the build fails if it comes by here: a stage that is needed stands further down.
	late error
	env  *environment
	// image has the variables that the stage's image carries, arguments the names of the others.
	image     map[string]variable
	arguments map[string]bool
}

// files is what one COPY, ADD or mount takes.
type files struct {
	Line    int      `json:"line"`
	Kind    string   `json:"kind"`
	Trigger bool     `json:"trigger"`
	From    string   `json:"from"`
	Stage   *int     `json:"stage"`
	Sources []source `json:"sources"`
	Exclude []string `json:"exclude"`
	Parents bool     `json:"parents"`
}

type source struct {
	Text string `json:"text"`
	// Unmatched has the variables that nothing in the file sets.
	Unmatched []string `json:"unmatched"`
}

type reader struct {
	buildArgs map[string]string
	lex       *shell.Lex
	globals   *environment
	stages    []*stage
	byName    map[string]int
}

func read(text string, buildArgs map[string]string, target string) (*reading, error) {
	parsed, err := parser.Parse(strings.NewReader(text))
	if err != nil {
		return nil, err
	}
	written, metaArgs, err := instructions.Parse(parsed.AST, nil)
	if err != nil {
		return nil, err
	}
	if len(written) == 0 {
		return nil, errors.New("dockerfile contains no stages to build")
	}
	r := &reader{buildArgs: buildArgs, lex: shell.NewLex(parsed.EscapeToken), byName: map[string]int{}}
	stageName := target
	if stageName == "" {
		stageName = written[len(written)-1].Name
	}
	if err := r.declareGlobals(metaArgs, stageName); err != nil {
		return nil, err
	}
	for _, w := range written {
		if err := r.addStage(w); err != nil {
			return nil, err
		}
	}
	index, err := r.target(target)
	if err != nil {
		return nil, err
	}
	return r.answer(text, index)
}

func (r *reader) answer(text string, target int) (*reading, error) {
	for i := range r.stages {
		if err := r.connect(i); err != nil {
			return nil, err
		}
	}
	r.reach(target)
	for _, s := range r.stages {
		if s.Reachable {
			if err := r.dispatch(s); err != nil {
				return nil, err
			}
		}
	}
	syntax, _, _, _ := parser.DetectSyntax([]byte(text))
	result := &reading{Syntax: syntax, Stages: r.stages, Target: target, OnBuild: []string{}}
	for _, command := range r.stages[target].written.Commands {
		if c, ok := command.(*instructions.OnbuildCommand); ok {
			result.OnBuild = append(result.OnBuild, c.Expression)
		}
	}
	return result, nil
}

func (r *reader) declareGlobals(metaArgs []instructions.ArgCommand, stageName string) error {
	r.globals = predefined(r.buildArgs, stageName)
	for _, command := range metaArgs {
		for _, arg := range command.Args {
			value := arg.Value
			if given, ok := r.buildArgs[arg.Key]; ok {
				value = &given
			} else if value != nil {
				result, _, err := r.lex.ProcessWord(*value, r.globals)
				if err != nil {
					return err
				}
				value = &result
			}
			if value != nil {
				r.globals.set(arg.Key, *value)
			}
		}
	}
	return nil
}

func (r *reader) addStage(written instructions.Stage) error {
	base, _, err := r.lex.ProcessWord(written.BaseName, r.globals)
	if err != nil {
		return err
	}
	if base == "" {
		return errors.New("base name should not be blank")
	}
	s := &stage{Name: written.Name, Line: written.Location[0].Start.Line, Base: base, written: written}
	s.Copies, s.Mounts, s.triggers = []*files{}, []*files{}, map[instructions.Command]bool{}
	if written.Platform != "" {
		if s.Platform, _, err = r.lex.ProcessWord(written.Platform, r.globals); err != nil {
			return err
		}
		if s.Platform == "" {
			return errors.New("empty platform value")
		}
	}
	if parent, ok := r.byName[base]; ok {
		s.Parent = &parent
		if err := s.inherit(r.stages[parent]); err != nil {
			return err
		}
	}
	s.commands = append(s.commands, written.Commands...)
	if written.Name != "" {
		r.byName[written.Name] = len(r.stages)
	}
	r.stages = append(r.stages, s)
	return nil
}

func (s *stage) inherit(parent *stage) error {
	for _, command := range parent.written.Commands {
		onbuild, ok := command.(*instructions.OnbuildCommand)
		if !ok {
			continue
		}
		parsed, err := parser.Parse(strings.NewReader(onbuild.Expression))
		if err != nil {
			return err
		}
		if len(parsed.AST.Children) != 1 {
			return errors.New("onbuild trigger should be a single expression")
		}
		trigger, err := instructions.ParseCommand(parsed.AST.Children[0])
		if err != nil {
			return err
		}
		s.commands = append(s.commands, trigger)
		s.triggers[trigger] = true
	}
	return nil
}

func (r *reader) target(name string) (int, error) {
	if name == "" {
		return len(r.stages) - 1, nil
	}
	if index, ok := r.byName[strings.ToLower(name)]; ok {
		return index, nil
	}
	return 0, fmt.Errorf("target stage %q could not be found", name)
}

// connect finds the stages that a stage's instructions take files from.
func (r *reader) connect(index int) error {
	s := r.stages[index]
	if s.Parent != nil {
		s.needs = append(s.needs, *s.Parent)
	} else if err := image(s.Base); err != nil {
		return err
	}
	for _, command := range s.commands {
		switch c := command.(type) {
		case *instructions.CopyCommand:
			from, err := r.copyOrigin(c.From)
			if err != nil {
				return err
			}
			if err := s.need(from, c.From, s.last(c, index)); err != nil {
				return err
			}
		case *instructions.RunCommand:
			for _, mount := range instructions.GetMounts(c) {
				if err := s.need(r.named(mount.From), mount.From, s.last(c, index)); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// last is the last stage that an instruction may take files from: a trigger also from its own.
func (s *stage) last(command instructions.Command, index int) int {
	if s.triggers[command] {
		return index
	}
	return index - 1
}

func (s *stage) need(from *int, written string, last int) error {
	if from == nil {
		return image(written)
	}
	if *from > last {
		s.late = fmt.Errorf("stage %d needs to be defined before %d", *from, last+1)
		return nil
	}
	s.needs = append(s.needs, *from)
	return nil
}

// image tells whether a name that is no stage's can be that of an image.
func image(name string) error {
	if name == "" || name == "scratch" {
		return nil
	}
	_, err := reference.ParseNormalizedNamed(name)
	return err
}

func (r *reader) named(name string) *int {
	if index, ok := r.byName[strings.ToLower(name)]; ok {
		return &index
	}
	return nil
}

func (r *reader) copyOrigin(from string) (*int, error) {
	if from == "" {
		return nil, nil
	}
	result, _, err := r.lex.ProcessWord(from, shell.EnvsFromSlice(nil))
	if err != nil {
		return nil, err
	}
	if result != from {
		return nil, errors.New("variable expansion is not supported for --from")
	}
	index, err := strconv.Atoi(from)
	if err != nil {
		return r.named(from), nil
	}
	if index < 0 || index >= len(r.stages) {
		return nil, fmt.Errorf("invalid stage index %d", index)
	}
	return &index, nil
}

func (r *reader) reach(index int) {
	s := r.stages[index]
	if s.Reachable {
		return
	}
	s.Reachable = true
	for _, next := range s.needs {
		r.reach(next)
	}
}
