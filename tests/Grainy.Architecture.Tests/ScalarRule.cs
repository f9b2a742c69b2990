using Mono.Cecil;
using Mono.Cecil.Cil;

namespace Grainy.Architecture.Tests;

/// <summary>
/// Finds numbers that become a <c>Scalar</c> which nothing keeps alive: its finalizer may free it while the native call still reads it (see
/// deploy/decisions/0005-held-scalars.md). Safe are a static field and a local that is disposed. Unsafe are an argument that is converted on the way, and every
/// TorchSharp method that converts inside, such as <c>tensor * 0.5</c>; those are read from TorchSharp itself.
/// </summary>
internal sealed class ScalarRule
{
    private const string Scalar = "TorchSharp.Scalar";
    private readonly HashSet<string> _converting;

    private ScalarRule(HashSet<string> converting) => _converting = converting;

    /// <summary>Reads which methods of TorchSharp convert a number inside, directly or by calling another.</summary>
    public static ScalarRule Read(string torchSharpFile)
    {
        using var module = ModuleDefinition.ReadModule(torchSharpFile);
        var callers = new Dictionary<string, List<string>>(StringComparer.Ordinal);
        var found = new Queue<string>();
        foreach (var method in Methods(module).Where(method => method.DeclaringType.FullName is not (Scalar or "TorchSharp.ScalarExtensionMethods")))
        {
            var called = Calls(method).ToArray();
            if (called.Any(call => Converts((MethodReference)call.Operand) && !IsKept(method, call)))
            {
                found.Enqueue(method.FullName);
            }

            foreach (var call in called)
            {
                var name = ((MethodReference)call.Operand).GetElementMethod().FullName;
                (callers.TryGetValue(name, out var list) ? list : callers[name] = []).Add(method.FullName);
            }
        }

        var converting = new HashSet<string>(StringComparer.Ordinal);
        while (found.TryDequeue(out var name))
        {
            if (converting.Add(name) && callers.TryGetValue(name, out var list))
            {
                list.ForEach(found.Enqueue);
            }
        }

        return new ScalarRule(converting);
    }

    /// <summary>One line for each place of an assembly that breaks the rule.</summary>
    public IReadOnlyList<string> BrokenBy(string file)
    {
        using var module = ModuleDefinition.ReadModule(file);
        return [.. from method in Methods(module)
                   from call in Calls(method)
                   let target = (MethodReference)call.Operand
                   where Converts(target) ? !IsKept(method, call) : _converting.Contains(target.GetElementMethod().FullName)
                   select $"{method.DeclaringType.FullName}.{method.Name} calls {Signature(target)}"];
    }

    private static string Signature(MethodReference method) =>
        $"{method.DeclaringType.Name}.{method.Name}({string.Join(", ", method.Parameters.Select(parameter => parameter.ParameterType.Name))})";

    private static IEnumerable<MethodDefinition> Methods(ModuleDefinition module) =>
        module.GetTypes().SelectMany(type => type.Methods).Where(method => method.HasBody);

    private static IEnumerable<Instruction> Calls(MethodDefinition method) =>
        method.Body.Instructions.Where(instruction => instruction.OpCode.Code is Code.Call or Code.Callvirt or Code.Newobj or Code.Ldftn or Code.Ldvirtftn);

    // An implicit conversion or ToScalar.
    private static bool Converts(MethodReference method) => method.ReturnType.FullName == Scalar && method.Parameters.Count == 1
        && method.DeclaringType.FullName is Scalar or "TorchSharp.ScalarExtensionMethods";

    private static bool IsKept(MethodDefinition method, Instruction conversion) => conversion.Next switch
    {
        { OpCode.Code: Code.Stsfld } => true,
        { } next when Stored(next, method) is { } local => method.Body.Instructions.Any(
            instruction => instruction.Operand is MethodReference { Name: "Dispose" } && Loaded(instruction.Previous, method) == local),
        _ => false,
    };

    private static VariableDefinition? Stored(Instruction instruction, MethodDefinition method) => instruction.OpCode.Code switch
    {
        Code.Stloc_0 => method.Body.Variables[0],
        Code.Stloc_1 => method.Body.Variables[1],
        Code.Stloc_2 => method.Body.Variables[2],
        Code.Stloc_3 => method.Body.Variables[3],
        Code.Stloc or Code.Stloc_S => (VariableDefinition)instruction.Operand,
        _ => null,
    };

    private static VariableDefinition? Loaded(Instruction instruction, MethodDefinition method) => instruction.OpCode.Code switch
    {
        Code.Ldloc_0 => method.Body.Variables[0],
        Code.Ldloc_1 => method.Body.Variables[1],
        Code.Ldloc_2 => method.Body.Variables[2],
        Code.Ldloc_3 => method.Body.Variables[3],
        Code.Ldloc or Code.Ldloc_S => (VariableDefinition)instruction.Operand,
        _ => null,
    };
}
