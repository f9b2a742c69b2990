global using Grainy.Contracts;
