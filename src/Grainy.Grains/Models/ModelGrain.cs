using Grainy.Contracts.Models;
using Grainy.Contracts.Training;
using Grainy.Contracts.Workspaces;
using Grainy.Grains.Access;

namespace Grainy.Grains.Models;

/// <summary>A denoiser's card; the weights are a blob.</summary>
[GrainType("model")]
internal sealed class ModelGrain(
    [PersistentState("model")] IPersistentState<ModelRecord> state, WorkspaceAccess access, TimeProvider clock) : Grain, IModelGrain
{
    private ModelId Id => new(this.GetPrimaryKeyString());

    public async Task CreateAsync(WorkspaceId workspace, string name, TrainSpec spec, JobId job)
    {
        WorkspaceAccess.RequireSystem();
        if (state.State.Workspace is not null && state.State.Job != job)
        {
            throw new RefusedException(Refusal.Conflict, "This model was made by another training; start the training again to make a new one.");
        }

        if (state.State.Workspace is null)
        {
            state.State = new ModelRecord { Workspace = workspace, Name = Names.Checked(name), Spec = spec, Job = job, CreatedAt = clock.GetUtcNow() };
            await state.WriteStateAsync();
        }

        await RegisterAsync("in training");
    }

    public async Task PromoteAsync(BlobRef weights, long steps)
    {
        WorkspaceAccess.RequireSystem();
        Require();
        state.State = state.State with { Weights = weights, Steps = steps };
        await state.WriteStateAsync();
        await RegisterAsync($"{steps:N0} steps");
    }

    public async Task<ModelInfo> GetAsync()
    {
        var model = Require();
        await access.RequireAsync(model.Workspace!.Value, WorkspaceRole.Viewer);
        return new ModelInfo(Id, model.Workspace.Value, model.Name, model.Spec!, model.Job, model.Weights, model.Steps, model.CreatedAt);
    }

    private ModelRecord Require() => state.State.Workspace is not null
        ? state.State
        : throw new RefusedException(Refusal.NotFound, "This model does not exist (any more); choose another one.");

    private Task RegisterAsync(string note)
    {
        var entry = new WorkspaceEntry(EntryKind.Model, Id.Value, state.State.Name, note, state.State.CreatedAt);
        return Caller.AsAsync(Caller.System, () => GrainFactory.Workspace(state.State.Workspace!.Value).RegisterAsync(entry));
    }
}
