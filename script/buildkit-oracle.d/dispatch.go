package main

import (
	"maps"
	"slices"

	"github.com/moby/buildkit/frontend/dockerfile/instructions"
)

// environment is what an instruction sees. Names that it does not find are noted, as are those whose
// value was made of such a name: with an outside base the truth may be another.
type environment struct {
	values    map[string]string
	uncertain map[string]bool
	missed    map[string]bool
}

// variable is what an image carries for its children.
type variable struct {
	text      string
	uncertain bool
}

func (e *environment) Get(name string) (string, bool) {
	value, ok := e.values[name]
	if e.missed != nil && (!ok || e.uncertain[name]) {
		e.missed[name] = true
	}
	return value, ok
}

func (e *environment) Keys() []string {
	return slices.Collect(maps.Keys(e.values))
}

func (e *environment) set(name, value string) {
	e.values[name] = value
	if e.uncertain != nil {
		e.uncertain[name] = len(e.missed) > 0
	}
}

func predefined(buildArgs map[string]string, stageName string) *environment {
	if stageName == "" {
		stageName = "default"
	}
	values := map[string]string{"TARGETSTAGE": stageName}
	for _, prefix := range []string{"BUILD", "TARGET"} {
		values[prefix+"PLATFORM"] = "linux/amd64"
		values[prefix+"OS"] = "linux"
		values[prefix+"OSVERSION"] = ""
		values[prefix+"ARCH"] = "amd64"
		values[prefix+"VARIANT"] = ""
	}
	for name := range values {
		if given, ok := buildArgs[name]; ok {
			values[name] = given
		}
	}
	return &environment{values: values}
}

// dispatch goes through a stage's instructions; those that a stage stands on come before it.
func (r *reader) dispatch(s *stage) error {
	if s.late != nil {
		return s.late
	}
	s.env = &environment{values: map[string]string{}, uncertain: map[string]bool{}}
	s.image, s.arguments = map[string]variable{}, map[string]bool{}
	if s.Parent != nil {
		s.enter(r.stages[*s.Parent], r.outside(s))
	} else if s.Base == "scratch" {
		s.env.set("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin")
	}
	for _, command := range s.commands {
		if err := r.step(s, command); err != nil {
			return err
		}
	}
	return nil
}

// enter takes over what a stage leaves: over its arguments come the variables of its image.
func (s *stage) enter(parent *stage, outside bool) {
	maps.Copy(s.env.values, parent.env.values)
	maps.Copy(s.env.uncertain, parent.env.uncertain)
	maps.Copy(s.image, parent.image)
	for name, v := range s.image {
		s.env.values[name], s.env.uncertain[name] = v.text, v.uncertain
	}
	maps.Copy(s.arguments, parent.arguments)
	for name := range s.arguments {
		if _, ok := s.image[name]; ok {
			delete(s.arguments, name)
		} else if outside {
			// What the outside base sets is not known, and would come over it too.
			s.env.uncertain[name] = true
		}
	}
}

func (r *reader) outside(s *stage) bool {
	for s.Parent != nil {
		s = r.stages[*s.Parent]
	}
	return s.Base != "scratch"
}

func (r *reader) step(s *stage, command instructions.Command) error {
	s.env.missed = map[string]bool{}
	switch c := command.(type) {
	case *instructions.ArgCommand:
		return r.arg(s, c)
	case *instructions.EnvCommand:
		if err := c.Expand(r.expander(s, nil)); err != nil {
			return err
		}
		for _, pair := range c.Env {
			s.env.set(pair.Key, pair.Value)
			s.image[pair.Key] = variable{pair.Value, s.env.uncertain[pair.Key]}
		}
	case *instructions.CopyCommand:
		f := &files{Kind: "COPY", From: c.From, Exclude: c.ExcludePatterns, Parents: c.Parents}
		f.Stage, _ = r.copyOrigin(c.From)
		return r.copy(s, c, c.SourcePaths, f)
	case *instructions.AddCommand:
		return r.copy(s, c, c.SourcePaths, &files{Kind: "ADD", Exclude: c.ExcludePatterns})
	case *instructions.RunCommand:
		return r.run(s, c)
	}
	return nil
}

func (r *reader) arg(s *stage, c *instructions.ArgCommand) error {
	for _, arg := range c.Args {
		s.env.missed = map[string]bool{}
		s.arguments[arg.Key] = true
		given, hasValue := r.buildArgs[arg.Key]
		global, hasGlobal := r.globals.Get(arg.Key)
		switch {
		case hasValue:
			s.env.set(arg.Key, given)
		case arg.Value != nil:
			value, _, err := r.lex.ProcessWord(*arg.Value, s.env)
			if err != nil {
				return err
			}
			s.env.set(arg.Key, value)
		case hasGlobal:
			s.env.set(arg.Key, global)
		}
	}
	return nil
}

// expander fills in variables; `words` gets what each word turned into.
func (r *reader) expander(s *stage, words *[]source) instructions.SingleWordExpander {
	return func(word string) (string, error) {
		if words != nil {
			s.env.missed = map[string]bool{}
		}
		text, _, err := r.lex.ProcessWord(word, s.env)
		if words != nil {
			unmatched := slices.Sorted(maps.Keys(s.env.missed))
			*words = append(*words, source{Text: text, Unmatched: append([]string{}, unmatched...)})
		}
		return text, err
	}
}

func (r *reader) copy(s *stage, c instructions.Command, paths []string, f *files) error {
	f.Line, f.Trigger, f.Sources = c.Location()[0].Start.Line, s.triggers[c], []source{}
	expand := r.expander(s, &f.Sources)
	for _, path := range paths {
		if _, err := expand(path); err != nil {
			return err
		}
	}
	// The instruction's own expansion tells what else BuildKit refuses in it.
	if err := c.(instructions.SupportsSingleWordExpansion).Expand(r.expander(s, nil)); err != nil {
		return err
	}
	s.Copies = append(s.Copies, f)
	return nil
}

func (r *reader) run(s *stage, c *instructions.RunCommand) error {
	written := slices.Clone(instructions.GetMounts(c))
	if err := c.Expand(r.expander(s, nil)); err != nil {
		return err
	}
	for i, mount := range instructions.GetMounts(c) {
		f := &files{Line: c.Location()[0].Start.Line, Trigger: s.triggers[c], Kind: string(mount.Type)}
		f.From, f.Stage = written[i].From, r.named(written[i].From)
		f.Sources = []source{{Text: mount.Source, Unmatched: []string{}}}
		s.Mounts = append(s.Mounts, f)
	}
	return nil
}
